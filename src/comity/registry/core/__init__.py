"""The registry's pure rules: how spells relate to days and to each other, lineage, names, what looks like a person."""
