"""The words every room shares: ids, time, languages, levels, actors, kinds, refusals. No models, no Django."""
