"""The opinion map: from votes on statements to groups, what unites and divides them, and how sure that is. No Django.

Source of the method: Small, Bjorkegren, Erkkila, Shaw and Megill, "Polis: scaling deliberation by mapping high
dimensional opinion spaces" (2021), and the published behaviour of red-dwarf 0.4.0, with which ``polis-compat`` agrees.
"""
