"""What does a whole rulebook say, as a document with a table of contents?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.document import tables
from engine.document.asking import Asking
from engine.document.needed import Needed
from engine.document.parts import Block, Grid, Item, Listing, Page, Paragraph, Section, Span, say
from engine.document.since import Since
from engine.document.topics import Topics
from engine.document.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.rulebook.definitions import Fact, Rulebook
    from engine.rulebook.provenance import Chapter


class Building:
    """Builds the document of one rulebook; `examples` are the names of those of each topic.

    `versions` are those since which its parts say what they say, by their names in its lock.
    """

    def __init__(self, rulebook: Rulebook, examples: Mapping[str, Sequence[str]],
                 versions: Mapping[str, str] | None = None) -> None:
        self._rulebook, self._examples = rulebook, examples
        self._wording, self._since = Wording(rulebook), Since(rulebook, versions or {})
        self._topics = Topics(self._wording, self._since)
        self._asking = Asking(self._wording)
        self._by_name = {topic.name: topic for topic in rulebook.topics}

    def page(self, topic: str | None = None) -> Page:
        """Return the whole document, or that of one chapter or topic."""
        rulebook = self._rulebook
        chapters = [each for each in rulebook.chapters
                    if topic is None or topic == each.name or topic in each.topics]
        sections = [self._chapter(each, topic) for each in chapters]
        if topic is None:
            sections = [*self._overrides(), *sections, *self._reference()]
        else:
            sections += self._needed(chapters, topic)
        return Page(rulebook.title, tuple(self._head(topic)), tuple(sections))

    def known(self) -> list[str]:
        """Return the names that a document can be asked for."""
        return [*dict.fromkeys(each.name for each in self._rulebook.chapters), *self._by_name]

    def _head(self, topic: str | None) -> list[Block]:
        rulebook = self._rulebook
        lines = [Item(say(f"Rulebook {rulebook.id}, version {rulebook.version}")),
                 Item(say("Digest ", Span(rulebook.digest, "code")))]
        if rulebook.extends:
            lines.append(Item(say("Extends " + ", which extends ".join(rulebook.extends))))
        if topic is not None:
            lines.append(Item(say("Only what concerns ", Span(topic, "code"))))
        return [Paragraph(say(rulebook.intended_use)), Listing(tuple(lines))]

    def _overrides(self) -> list[Section]:
        if not self._rulebook.overrides:
            return []
        return [Section("What this rulebook says otherwise than the one it extends", "overrides",
                        (tables.overrides(self._rulebook),))]

    def _chapter(self, chapter: Chapter, topic: str | None) -> Section:
        blocks: list[Block] = [Paragraph(say(chapter.about))] if chapter.about else []
        if self._rulebook.extends and chapter.rulebook not in self._rulebook.extends:
            blocks += self._topics.noted(chapter.name, "topic") or [
                Paragraph(say(f"Added by {chapter.rulebook}."), note=True)]
        names = [name for name in chapter.topics if topic in (None, chapter.name, name)]
        sections = [self._topics.section(self._by_name[name]) for name in names]
        if chapter.facts and topic in (None, chapter.name):
            sections.append(self._facts("Questions asked of the timeline",
                                        f"facts-{chapter.name}", chapter.facts))
        if examples := self._examples.get(chapter.name):
            sections.append(Section("Examples", f"examples-{chapter.name}", (
                Listing(tuple(Item(say(name)) for name in examples)),), is_listed=False))
        return Section(chapter.title, f"chapter-{chapter.name}", tuple(blocks), tuple(sections))

    def _needed(self, chapters: list[Chapter], topic: str) -> list[Section]:
        """Return what the chosen part rests on, wherever that is declared."""
        whole = [each for each in chapters if each.name == topic]
        names = [name for each in whole for name in each.topics] or [topic]
        own = [name for each in whole for name in each.facts]
        needed = Needed(self._rulebook, (self._by_name[name] for name in names), own)
        facts = [name for name in needed.facts if name not in own]
        chosen = tables.parameters(self._rulebook, self._since, needed.parameters)
        sections = [self._facts("Questions that it asks" if not own else
                                "Questions of other topics that it asks", "facts", facts)]
        sections.append(Section("Parameters", "parameters", (chosen,)))
        return [each for each, count in zip(sections, (facts, chosen.rows), strict=True) if count]

    def _facts(self, title: str, anchor: str, names: Sequence[str]) -> Section:
        facts = [self._fact(self._rulebook.facts[name]) for name in names]
        return Section(title, anchor, (Listing(tuple(facts)),), is_listed=False)

    def _fact(self, fact: Fact) -> Item:
        asked = self._asking.asked(fact)
        below = [*(Item(each.words) for each in self._topics.noted(fact.name, "fact")),
                 *((Item(asked),) if asked else ()), *self._asking.answer(fact)]
        if fact.needs:
            below.append(Item(say(f"what would answer it: {fact.needs}")))
        about = fact.about or fact.name.replace("_", " ")
        return Item(say(f"{about[:1].upper()}{about[1:]} (", Span(fact.name, "code"),
                        self._since.said("fact", fact.name), ")"),
                    tuple(below), f"fact-{fact.name}")

    def _reference(self) -> list[Section]:
        rulebook = self._rulebook
        found: list[tuple[str, str, Grid]] = [
            ("Parameters", "parameters", tables.parameters(rulebook, self._since)),
            ("Severities of alerts", "severities", tables.severities(rulebook)),
            ("What may be recorded", "events", tables.events(rulebook)),
            ("Named sets", "sets", tables.sets(rulebook)),
            ("Sources", "sources", tables.sources(rulebook))]
        held = next((topic.given for topic in rulebook.topics if topic.alert is not None), None)
        notes = (Paragraph(say("An alert is open only while this holds: ",
                               self._wording.sentence(held), ".")),) if held is not None else ()
        return [Section(title, anchor, (*(notes if anchor == "severities" else ()), grid))
                for title, anchor, grid in found if grid.rows]
