"""Every change of an assessment: when it became true, when it became known, and through what."""
