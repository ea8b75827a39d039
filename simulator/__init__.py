"""CREDIT and a bank, simulated: realistic lives from a seed, for the demo, the tests and the benchmark."""
