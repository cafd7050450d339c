"""Who there is: organisations and their names, organs, links with standing and dates, lineage, regions, corrections."""
