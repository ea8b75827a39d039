"""The ACH rail: approved entries out in Nacha files, the bank's answers in as events."""
