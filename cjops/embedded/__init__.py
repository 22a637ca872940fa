"""What runs beside the portal when no outside servers are named: PostgreSQL, broker, processes."""
