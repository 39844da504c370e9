"""Channels by name: one file each, found by `simulation.platforms.channel.find_channel`."""
