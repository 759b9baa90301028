"""Rules that look only back, judged outright: each event once, when it comes, and for good.

Which rulebooks are such (`covers`), the events of a patient that lie behind an instant (`past`),
the windows over them (`looks`), the questions put to them (`program`), and the way through them
(`walk`). The answers are those of a passage, which remains for every other rulebook and patient.
"""
