"""The monthly bulletin of whistles (吹哨报到工作通报, seed 3: 定期通报)."""
