"""The SLA dashboard: are we keeping our word, who is about to be let down, why did we miss, is it getting better."""
