"""The crash proof: the real pipeline under load, processes killed, frozen and replaced, and an independent oracle's word afterwards."""
