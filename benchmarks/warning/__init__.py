"""How early and how rightly the engine warns: any series (NAB), onsets of a made-up province, bursts of real news."""
