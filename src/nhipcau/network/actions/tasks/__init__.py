"""What is done with directives: sending, acknowledging, moving, handing in evidence, and their clocks."""
