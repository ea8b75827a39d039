"""Messages to patients: what their payment came to, in plain words, on the channels that they consented to."""
