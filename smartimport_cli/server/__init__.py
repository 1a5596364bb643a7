"""`smartimport serve`: the embedded backend over HTTP and websocket, as the hosted one answers.

The door (`door`) checks where a request comes from and how much it asks for; behind it are the functions of both
generations (`functions`), signed uploads (`storage`), reads of the six tables (`rest`), sign-in (`auth`), the
Realtime websocket (`realtime`) and one page (`page`). Each user's imports live in a data folder of their own
(`tenants`), so that no query can reach another user's rows: there is none that names a user.
"""
