"""Events about a patient go in, rules judge them, conclusions with their full reason come out."""
