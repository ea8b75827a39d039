"""Grafana's boards, made of the KPIs."""
