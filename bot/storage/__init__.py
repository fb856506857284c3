"""The only place that imports SQLAlchemy: tables, migrations, the answer writer."""
