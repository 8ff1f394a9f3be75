"""Specification, sample, designs and tables of disparities."""
