"""The use cases. They know the domain and the ports in `ports.py`, nothing else."""
