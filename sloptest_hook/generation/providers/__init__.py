"""Providers of models: one seam, one adapter for each protocol.

``seam`` says what is asked and answered, ``calling`` asks until there is an answer or no more time.
An adapter is two neighbours: bodies (``messages``, ``responses``, ``chat``, ``converse``), pure,
and the client that carries them (``*_client``), which alone imports a vendor's package. ``table``
opens the one that is wanted, ``access`` says with which key and where.
"""
