"""Node agents as the description of their protocols has them, faults between them and the server, and what must come of it.

- rule.py: what the server charges of a report, as a pure function; rule_tests.py tests it.
- agent.py, xrayr.py, v2bx.py, v2node.py, xboard_node.py, odd.py: what each program does, and what it makes of failures.
- fault_proxy.py, faults.py, stall.py, disturbances.py: what goes wrong between an agent and the server, and in the stores.
- deliveries.py, balance.py: which reports reached the server and what became of the answers, compared with what was billed.

soak.py runs them.
"""
