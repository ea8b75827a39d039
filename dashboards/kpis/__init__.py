"""One KPI a file: its definition in the header, its SQL below. `parts` are the subqueries that several of them share."""
