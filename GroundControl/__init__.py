"""Jobs that run a function of a Python script, as scripts for GroundControl handle them.

The modules ``AddJob``, ``UpdateJob`` and ``JobHandler`` hold the class of their name. All of them
find the server and the login as ``botsched.client.Client`` does.
"""
