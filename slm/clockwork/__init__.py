"""How clocks follow acts: starting, switching, retargeting, recording what they passed. Only `slm` calls this."""
