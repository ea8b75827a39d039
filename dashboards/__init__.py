"""The boards: KPI definitions in SQL, the web page that shows them, and Grafana's provisioning."""
