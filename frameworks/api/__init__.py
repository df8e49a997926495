"""The practice map, framework packs, certificates, gaps and signals over REST."""
