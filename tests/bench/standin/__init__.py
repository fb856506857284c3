"""A stand-in for Discord on loopback sockets: gateway, REST, and a door for whoever directs the play.

`client.StandIn` starts it as a process of its own and speaks to that door.
"""
