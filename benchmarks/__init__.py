"""Measures Palaver side by side with Prosody, ejabberd and a bare byte relay."""
