"""What keeps an installation running: its processes, jobs, outgoing mail, health, checks, backup and restore.

It is the lowest room of the web half: it knows no directive and no office. Rooms register their jobs
(`running.jobs`) and checks (`running.checks`) here.
"""
