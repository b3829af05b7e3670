"""The bodies of requests and answers, by the thing they are about."""
