import static org.drools.model.DSL.declarationOf;
import static org.drools.model.DSL.globalOf;
import static org.drools.model.DSL.on;
import static org.drools.model.PatternDSL.pattern;
import static org.drools.model.PatternDSL.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.drools.model.Global;
import org.drools.model.Variable;
import org.drools.model.functions.Predicate1;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.FactHandle;

/**
 * The letter's rules in Drools, in its executable model (what a rule file is compiled to): all
 * facts of a patient are inserted, the rules fire, the facts are deleted. The host adds the baseline
 * and what had happened before, so that no rule joins two facts.
 */
public class Letter {
    /** One event with all that it is judged by. */
    public static class Fact {
        String id, at, kind, cause = "", baseline;
        double value, rise = Double.NaN;
        boolean lost, failed;
    }

    /** Where the rules put what they conclude. */
    public static class Found {
        final List<Object[]> rows = new ArrayList<>();
        void conclude(Fact fact, String name) { rows.add(new Object[] {fact, name}); }
    }

    static final Global<Found> FOUND = globalOf(Found.class, "letter", "found");
    static final ObjectMapper JSON = new ObjectMapper();

    static void add(ModelImpl model, String id, String kind, String name, Predicate1<Fact> when) {
        Variable<Fact> fact = declarationOf(Fact.class, "fact");
        model.addRule(rule("letter", id).build(
            pattern(fact).expr("is-" + kind, each -> each.kind.equals(kind)).expr(id, when),
            on(fact, FOUND).execute((each, found) -> found.conclude(each, name))));
    }

    static ModelImpl rules() {
        ModelImpl model = new ModelImpl();
        model.addGlobal(FOUND);
        add(model, "complete", "platelet_count", "response.cr", e -> e.value >= 100);
        add(model, "partial", "platelet_count", "response.pr",
            e -> e.value >= 30 && e.value < 100 && e.rise >= 0);
        add(model, "low-count", "platelet_count", "response.nr", e -> e.value < 30);
        add(model, "small-rise", "platelet_count", "response.nr",
            e -> e.value >= 30 && e.value < 100 && e.rise < 0);
        add(model, "recurrence", "platelet_count", "recurrence.count", e -> e.value < 30 && e.lost);
        add(model, "bleeding", "bleeding", "recurrence.bleeding",
            e -> e.value >= 1 && e.lost && e.cause.equals("spontaneous"));
        add(model, "low", "drug_level", "level.low", e -> e.value < 5);
        add(model, "target", "drug_level", "level.target", e -> e.value >= 5 && e.value <= 15);
        add(model, "high", "drug_level", "level.high", e -> e.value > 15);
        add(model, "eligible", "start", "rescue.eligible", e -> e.value < 30 && e.failed);
        return model;
    }

    static List<Fact> facts(List<JsonNode> events) {
        List<Fact> facts = new ArrayList<>();
        JsonNode baseline = null;
        boolean started = false, off = false, responded = false, failed = false;
        for (JsonNode event : events) {
            Fact fact = new Fact();
            fact.id = event.get("id").asText();
            fact.at = event.get("at").asText();
            fact.kind = event.get("kind").asText();
            fact.lost = off && responded;
            fact.failed = failed;
            fact.baseline = baseline == null ? null : baseline.get("id").asText();
            if (fact.kind.equals("medication")) {
                String drug = event.get("drug").asText(), action = event.get("action").asText();
                boolean isSirolimus = drug.equals("sirolimus");
                if (drug.equals("mycophenolate-mofetil")) failed = true;
                if (isSirolimus && action.equals("stop")) off = true;
                if (isSirolimus && action.equals("start")) {
                    if (!started && baseline != null) {
                        fact.kind = "start";
                        fact.value = baseline.get("value").asDouble();
                        facts.add(fact);
                    }
                    started = true;
                    off = false;
                }
                continue;
            }
            boolean isCount = fact.kind.equals("platelet_count");
            if (isCount && !started) baseline = event;
            if (!started || fact.kind.equals("diagnosis")) continue;
            if (fact.kind.equals("bleeding")) {
                fact.value = event.get("grade").asDouble();
                fact.cause = event.get("cause").asText();
            } else {
                fact.value = event.get("value").asDouble();
            }
            if (isCount) {
                if (baseline != null) fact.rise = fact.value - 2 * baseline.get("value").asDouble();
                if (fact.value >= 100 || (fact.value >= 30 && fact.rise >= 0)) responded = true;
            }
            facts.add(fact);
        }
        return facts;
    }

    static final Map<String, Integer> counts = new TreeMap<>();
    static long inRules = 0;

    static void judge(KieSession session, Found found, List<JsonNode> events, BufferedWriter out)
            throws Exception {
        String patient = events.get(0).get("patient").asText();
        events.sort(Comparator.comparing(each -> each.get("at").asText()));
        long asked = System.nanoTime();
        List<FactHandle> handles = new ArrayList<>();
        for (Fact fact : facts(events)) handles.add(session.insert(fact));
        session.fireAllRules();
        for (FactHandle handle : handles) session.delete(handle);
        inRules += System.nanoTime() - asked;
        for (Object[] row : found.rows) {
            Fact fact = (Fact) row[0];
            String name = (String) row[1];
            counts.merge(name, 1, Integer::sum);
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("patient", patient);
            record.put("event", fact.id);
            record.put("at", fact.at);
            record.put("conclusion", name);
            record.put("evidence",
                fact.baseline == null ? List.of(fact.id) : List.of(fact.id, fact.baseline));
            out.write(JSON.writeValueAsString(record));
            out.write('\n');
        }
        found.rows.clear();
    }

    public static void main(String[] arguments) throws Exception {
        long begun = System.nanoTime();
        KieSession session = KieBaseBuilder.createKieBaseFromModel(rules()).newKieSession();
        Found found = new Found();
        session.setGlobal("found", found);
        double ready = (System.nanoTime() - begun) / 1e9;
        begun = System.nanoTime();
        try (BufferedReader lines = Files.newBufferedReader(Path.of(arguments[0]));
                BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
            List<JsonNode> events = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = JSON.readTree(line);
                if (!events.isEmpty() && !events.get(0).get("patient").equals(event.get("patient"))) {
                    judge(session, found, events, out);
                    events = new ArrayList<>();
                }
                events.add(event);
            }
            if (!events.isEmpty()) judge(session, found, events, out);
        }
        double all = (System.nanoTime() - begun) / 1e9;
        System.out.println(JSON.writeValueAsString(Map.of(
            "counts", counts, "records", counts.values().stream().mapToInt(each -> each).sum(),
            "seconds", Map.of("ready", ready, "end_to_end", all, "rules", inRules / 1e9),
            "peak_mb", peak())));
    }

    /** The most memory this process has had, as Linux tells it. */
    static double peak() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status")))
            if (line.startsWith("VmHWM:")) return Double.parseDouble(line.split("\\s+")[1]) / 1024;
        throw new IllegalStateException("/proc/self/status has no VmHWM");
    }
}
