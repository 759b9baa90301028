"""How does each severity of an alert look in a terminal?"""

STYLES = {"critical": "bold red", "high": "red", "moderate": "yellow", "low": "cyan"}
