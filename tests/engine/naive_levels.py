"""The baseline and the chances of `watch/levels.py`, slowly and plainly: lists that grow, sums taken anew."""

import math

WINDOWS = (1, 3, 6, 24)


def tail_probability(count, mean, size):
    """P(N >= count), term by term from below."""
    share = mean / (mean + size)
    below = 0.0
    for seen in range(count):
        log_term = math.lgamma(seen + size) - math.lgamma(seen + 1) - math.lgamma(size)
        below += math.exp(log_term + seen * math.log(share) + size * math.log1p(-share))
    return 1.0 - below


def judged(counts, observed, monday_hour, settings, rhythm, limits, least):
    """The level of each hour, and how often a week chance would bring as much as the window that shows it."""
    keep = 0.5 ** (1 / settings.half_life_hours)
    begin = next((hour for hour, count in enumerate(counts) if count), None)
    if begin is None:
        return [(0, math.inf)] * len(counts)
    found = [(0, math.inf)] * begin
    arrivals, exposures = {}, {}  # by hour
    voices, hours = {begin: settings.prior_voices}, {begin: settings.prior_hours}  # before the hour
    day = [[20.0, 20.0] for _ in range(24)]
    week = [[50.0, 50.0] for _ in range(7)]
    nothing = dict.fromkeys(WINDOWS, 0.0)
    strayed, weighed = {begin: nothing}, {begin: nothing}  # before the hour
    waiting = []

    def share(hour):
        place = (monday_hour + hour) % 168
        own = day[place % 24][0] / day[place % 24][1] * week[place // 24][0] / week[place // 24][1]
        return rhythm[place] * own

    def spread(length, hour):
        raw = (strayed[hour][length] + settings.prior_spread * 20) / (weighed[hour][length] + 20)
        return min(max(raw, 0.02), 1.0)

    for hour in range(begin, len(counts)):
        voices[hour + 1], hours[hour + 1] = voices[hour], hours[hour]
        strayed[hour + 1], weighed[hour + 1] = dict(strayed[hour]), dict(weighed[hour])
        arrivals[hour] = exposures[hour] = 0.0
        if not observed[hour] and not counts[hour]:
            if len(waiting) < 48:
                waiting.append((hour, share(hour)))
                found.append(found[-1] if hour > begin else (0, math.inf))
            else:
                found.append((0, math.inf))
            continue
        arrivals[hour] = counts[hour] - (hour == begin)
        exposures[hour] = share(hour) + sum(part for _, part in waiting)
        base = max(hour - 71, begin)
        tried = [(0, math.inf)]
        for length in WINDOWS:
            window = range(max(hour + 1 - length, begin), hour + 1)
            seen = sum(arrivals[back] for back in window)
            mean = voices[base] / hours[base] * sum(exposures[back] for back in window)
            beyond = spread(length, base)
            if seen > mean:
                chance = tail_probability(int(seen), mean, 1 / (1 / voices[base] + beyond))
                a_week = 4 * (168 / length) * chance
                reached = [a_week < limit and seen >= few for limit, few in zip(limits, least, strict=True)]
                tried.append((([*reached, False]).index(False), a_week))
            stray = min((seen - mean) ** 2, 9 * (mean + mean**2 * beyond))
            strayed[hour + 1][length] = strayed[hour][length] * keep + (stray - mean) / length
            weighed[hour + 1][length] = weighed[hour][length] * keep + mean**2 / length
        found.append(min(tried, key=lambda each: (-each[0], each[1])))
        rate = voices[hour] / hours[hour]
        mean = rate * exposures[hour]
        learned = min(arrivals[hour], mean + 3 * math.sqrt(mean + mean**2 * spread(1, hour)) + 3)
        voices[hour + 1] = settings.prior_voices + (voices[hour] - settings.prior_voices) * keep + learned
        hours[hour + 1] = settings.prior_hours + (hours[hour] - settings.prior_hours) * keep + exposures[hour]
        for back in [hour, *reversed([earlier for earlier, _ in waiting])]:
            place = (monday_hour + back) % 168
            of_day, of_week = day[place % 24], week[place // 24]
            day_factor, week_factor = of_day[0] / of_day[1], of_week[0] / of_week[1]
            arrived = learned * rhythm[place] * day_factor * week_factor / exposures[hour]
            usual = rate * rhythm[place]
            of_day[0] = 20 + (of_day[0] - 20) * keep**24 + arrived
            of_day[1] = 20 + (of_day[1] - 20) * keep**24 + usual * week_factor
            of_week[0] = 50 + (of_week[0] - 50) * keep**24 + arrived
            of_week[1] = 50 + (of_week[1] - 50) * keep**24 + usual * day_factor
        waiting = []
    return found
