"""Demonstration data: two real papers with an invented execution, and papers that move with today.

Everything invented says so: organisations are «демонстрационные», a report for a real body ends in
«Демонстрационная запись.», and no real body is ever shown late.
"""
