"""The reconciliation webhook to CREDIT, after Standard Webhooks 1.0."""
