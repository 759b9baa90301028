"""The answers to the declared questions, at an instant or at an event, three-valued."""
