"""What scores are worth: metrics, thresholds, comparisons, pictures and the report.

Arrays come in, from anybody's model: this room knows neither audio nor networks.
"""
