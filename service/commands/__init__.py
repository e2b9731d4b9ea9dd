"""The commands, one file for each thing that a person does with a register."""
