"""What is said to an editor of each key of a cohort's file?"""

from __future__ import annotations

COHORT_DESCRIPTIONS: dict[str, dict[str, str]] = {
    "CohortFile": {
        "title": "What the cohort is, for a reader.",
        "source": "The publication that describes it.",
        "outcome": "The field of the summary that a plain table shows.",
        "patients": "Who is in it: fields of the summary, each with the values that it may have, "
                    "and alerts.",
        "fields": "Fields worked out of fields of the summary.",
        "selections": "Parts of the cohort, by name.",
        "figures": "Numbers that are computed, by name, each with what was printed for it.",
        "tables": "How many patients of each row are in each column.",
        "sections": "Figures that are shown together.",
        "rows": "What was printed of each patient.",
        "findings": "Sentences that are said where their conditions hold.",
    },
    "Known": {"known": "Whether there is any value at all."},
    "AsPrinted": {"printed": "The figure for which the number was printed."},
    "DerivedFile": {"least": "The fields of which the least known value is taken."},
    "SelectionFile": {
        "title": "What it is, for a reader.",
        "all": "Selections declared above: a patient is in all of them.",
        "where": "Fields of the summary, each with the values that it may have, and alerts.",
    },
    "FigureFile": {
        "title": "What it is, for a reader.",
        "count": "The selection that is counted.",
        "share": "The selection that is counted within `of`, with its percentage.",
        "percent": "The selection whose percentage of `of` is wanted.",
        "median": "The field whose median over `of` is wanted.",
        "range": "The field whose least and greatest value over `of` are wanted.",
        "least": "The field whose least value over `of` is wanted.",
        "fisher": "The selection whose frequency in the two of `between` is compared, exactly.",
        "likelihood_ratio": "The same, by the likelihood ratio.",
        "chi_squared": "The same, by chi-squared.",
        "small_expected": "How many expected numbers of that comparison are below 5.",
        "percent_sum": "Figures whose percentages are added.",
        "of": "The selection over which it is computed.",
        "between": "The two selections that are compared.",
        "printed": "What was printed.",
    },
    "TableFile": {
        "title": "What it shows.",
        "rows": "Selections, one a row.",
        "columns": "Selections, one a column.",
        "printed": "What was printed: the size of each row, then its cells; null where nothing is.",
    },
    "SectionFile": {"title": "What they show.", "figures": "The figures, in order."},
    "RowsFile": {
        "title": "What they show.",
        "fields": "Fields of the summary, in order.",
        "printed": "What was printed of each patient, field by field; null where nothing is.",
    },
    "FindingFile": {
        "title": "What is found.",
        "differs": "Figures that are computed otherwise than printed.",
        "agrees": "Figures that are computed as printed.",
        "above": "P values, each with the number that it is above.",
        "some": "Selections in which there is somebody.",
        "nobody": "Selections in which there is nobody.",
        "text": "The sentence; {figure}, {figure.printed}, {figure.precise}, {selection.count} and "
                "{selection.patients} are filled in.",
    },
}
