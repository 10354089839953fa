"""The tokenizer written plainly, one character after another: the oracle of the kernel.

It shares with the engine the classes of code points and the rules for single letters and words (`letters.py`,
`syllables.py`), which have their own tests, and the lexicon. Everything else is written a second time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html.entities import html5

from nhipcau.engine.cleaning import _tables as kinds
from nhipcau.engine.cleaning.letters import VIETNAMESE_LETTERS, fold_letter, plain_letter, strip_diacritics
from nhipcau.engine.cleaning.lexicon import Lexicon
from nhipcau.engine.cleaning.syllables import place_tone, shorten
from nhipcau.engine.cleaning.tags import TAGS
from nhipcau.engine.cleaning.tokens import CAPITAL, EMOJI, ENDS_SENTENCE, HASHTAG, MARKED, NUMBER

LONGEST_WORD = 64
ENTITY = re.compile(r"&((?:amp;){0,10})(?:#(\d{1,8});|#[xX]([0-9a-fA-F]{1,8});|([A-Za-z0-9]{2,15});)?", re.ASCII)
BARE = frozenset(re.findall(r"\w+", "vn com net org info edu gov biz asia xyz online site shop store website"))
WITH_PATH = frozenset(
    re.findall(
        r"\w+",
        "me ly co gl be to us uk fr kh la cn jp kr de ru app dev io tv cc link news top club page ai in gg th eu",
    )
)
BLOCKS = frozenset(
    re.findall(
        r"\w+", "p br div li ul ol tr td th table h1 h2 h3 h4 h5 h6 hr blockquote section article header footer title"
    )
)
WORD_KINDS = (kinds.LETTER, kinds.DIGIT)


@dataclass
class Character:
    letter: str
    start: int
    end: int
    is_entity: bool = False

    @property
    def kind(self) -> int:
        point = ord(self.letter)
        if point < 0x10000:
            return int(kinds.tables().properties[point]) & 15
        if 0x1D400 <= point < 0x1D800:
            ordinary = unicodedata.normalize("NFKC", self.letter)
            return int(kinds.tables().properties[ord(ordinary)]) & 15 if len(ordinary) == 1 else kinds.SEPARATOR
        if 0x1F3FB <= point <= 0x1F3FF or 0xE0000 <= point <= 0xE0FFF:
            return kinds.IGNORED
        return kinds.EMOJI if 0x1F000 <= point <= 0x1FBFF else kinds.IDEOGRAPH

    @property
    def ordinary(self) -> str:
        is_mathematical = 0x1D400 <= ord(self.letter) < 0x1D800
        letter = unicodedata.normalize("NFKC", self.letter) if is_mathematical else self.letter
        return str(unicodedata.digit(letter)) if self.kind == kinds.DIGIT else letter

    @property
    def folded(self) -> str:
        return self.ordinary if self.kind == kinds.DIGIT else fold_letter(self.ordinary)

    @property
    def plain(self) -> str:
        return self.ordinary if self.kind == kinds.DIGIT else plain_letter(self.ordinary)

    @property
    def is_upper(self) -> bool:
        return self.kind == kinds.LETTER and unicodedata.category(self.ordinary) in ("Lu", "Lt")


@dataclass
class Token:
    plain: str
    marked: str
    start: int
    end: int
    flags: int
    letters: int = 2
    is_candidate: bool = False


def characters(text: str) -> list[Character]:
    found: list[Character] = []
    place, offset = 0, 0
    while place < len(text):
        letter, length, is_entity = text[place], 1, False
        match = ENTITY.match(text, place) if letter == "&" else None
        if match:
            length, is_entity = 1 + len(match[1]), len(match[1]) > 0
            value = html5.get(f"{match[4]};", "") if match[4] else ""
            if match[2] or match[3]:
                point = int(match[2]) if match[2] else int(match[3], 16)
                bad = point == 0 or point > 0x10FFFF or 0xD800 <= point <= 0xDFFF
                value = "\ufffd" if bad else chr(point)
            if len(value) == 1 and (match[4] is None or len(match[4]) < 12):
                letter, length, is_entity = value, len(match[0]), True
        size = len(text[place : place + length].encode())
        found.append(Character(letter, offset, offset + size, is_entity))
        place += length
        offset += size
    return found


@dataclass
class Reader:
    text: list[Character]
    lexicon: Lexicon
    tokens: list[Token] = field(default_factory=list)
    settled: int = 0
    unclosed: set[str] = field(default_factory=set)
    source: str = ""

    def at(self, place: int) -> Character:
        return self.text[place] if place < len(self.text) else Character(" ", 0, 0)

    def raw(self, place: int) -> str:
        """The character as it is written: an entity is written with an ampersand."""
        return "&" if self.at(place).is_entity else self.at(place).letter

    def next_kind(self, place: int) -> Character:
        while self.at(place).kind in (kinds.COMBINING, kinds.IGNORED):
            place += 1
        return self.at(place)

    def read(self) -> list[Token]:
        place, in_hashtag, last_end = 0, False, -1
        while place < len(self.text):
            here = self.at(place)
            kind = here.kind
            if kind in WORD_KINDS:
                start = place
                letters, place, word_end = self.word(place, in_hashtag)
                after = 0 if in_hashtag or place == len(self.text) else self.link(letters, place)
                if after:
                    self.take_back(self.local_part(start))
                    place = self.settled = after
                    continue
                self.add_word(letters, start, word_end, place, in_hashtag)
                last_end = place
                continue
            if kind == kinds.SEPARATOR and not here.is_entity and here.letter == "_":
                place += 1
                continue
            if kind in (kinds.COMBINING, kinds.IGNORED):
                place += 1
                continue
            in_hashtag = False
            if kind == kinds.SENTENCE_END:
                place += 1
                self.sentence_end(here.letter, place)
            elif kind == kinds.UNSPACED:
                place = self.unspaced(place)
            elif kind == kinds.EMOJI:
                place = self.emoji(place)
            elif kind == kinds.IDEOGRAPH:
                self.tokens.append(Token(here.letter, here.letter, here.start, here.end, 0))
                place += 1
            elif kind == kinds.SPECIAL and not here.is_entity:
                if here.letter == "<":
                    place = self.markup(place)
                elif here.letter == "[":
                    place = self.tag(place)
                elif here.letter in "#＃":
                    in_hashtag = True
                    place += 1
                else:
                    after = self.email(place + 1) if last_end == place else 0
                    if after:
                        self.take_back(self.local_part(place))
                    place = self.settled = after or self.mention(place + 1)
            else:
                place += 1
        if self.tokens:
            self.tokens[-1].flags |= ENDS_SENTENCE
        return self.written_out()

    def word(self, place: int, in_hashtag: bool) -> tuple[list[str], int, int]:
        """The letters of a word (marks joined to them), the place after it, and after its last letter or mark."""
        letters: list[str] = []
        stored, run, word_end = 0, 0, place
        previous: Character | None = None
        only_digits = True
        while place < len(self.text):
            here = self.at(place)
            if here.kind in WORD_KINDS:
                if in_hashtag and previous and self.divides(previous, here, place + 1):
                    break
                same = previous is not None and previous.plain == here.plain and here.kind == kinds.LETTER
                run = run + 1 if same and here.plain < "\u0250" else 1
                if run <= 3 and stored == LONGEST_WORD:
                    break
                stored += run <= 3
                letters.append(here.folded)
                only_digits = only_digits and here.kind == kinds.DIGIT
                previous = here
                word_end = place + 1
            elif here.kind == kinds.COMBINING:
                joined = unicodedata.normalize("NFC", letters[-1] + here.letter)
                letters[-1] = joined if len(joined) == 1 and here.letter != "\u0344" else letters[-1]
                word_end = place + 1
            elif here.letter in ".," and only_digits and not in_hashtag and here.kind != kinds.IGNORED:
                if stored >= LONGEST_WORD - 1 or self.next_kind(place + 1).kind != kinds.DIGIT:
                    break
                letters.append(here.letter)
                stored += 1
                previous = None
            elif here.kind != kinds.IGNORED:
                break
            place += 1
        return letters, place, word_end

    def divides(self, previous: Character, here: Character, after: int) -> bool:
        if here.kind == kinds.DIGIT:
            return previous.kind != kinds.DIGIT and not previous.is_upper
        if previous.kind == kinds.DIGIT or (here.is_upper and not previous.is_upper):
            return True
        following = self.next_kind(after)
        return here.is_upper and following.kind == kinds.LETTER and not following.is_upper

    def add_word(self, letters: list[str], start: int, word_end: int, after: int, in_hashtag: bool) -> None:
        source = [here for here in self.text[start:word_end] if here.kind in WORD_KINDS]
        drawn_out = max(
            (len(match[0]) for match in re.finditer(r"(.)\1*", "".join(here.plain for here in source))), default=0
        )
        folded = "".join(letters)
        cased = folded.upper() if all(here.is_upper for here in source) and folded.upper().lower() == folded else folded
        marked = place_tone(shorten(cased).lower())
        plain = "".join(plain_letter(letter) if letter.isalpha() else letter for letter in marked)
        flags = HASHTAG if in_hashtag else 0
        if all(here.kind == kinds.DIGIT for here in source):
            flags |= NUMBER
        if source[0].is_upper:
            flags |= CAPITAL
        if any(letter in VIETNAMESE_LETTERS for letter in letters):
            flags |= MARKED
        token = Token(plain, marked, self.at(start).start, self.text[word_end - 1].end, flags, len(marked))
        is_meant = plain in self.lexicon.meanings and not flags & NUMBER
        if len(marked) == 1:
            is_meant = is_meant and drawn_out < 3 and not in_hashtag
        if len(marked) <= 2:
            is_meant = is_meant and self.stands_alone(start, after, len(marked))
        token.is_candidate = is_meant
        self.tokens.append(token)

    def stands_alone(self, start: int, after: int, length: int) -> bool:
        if start > 0:
            before = self.at(start - 1)
            written = ";" if before.is_entity else before.letter
            if written in "-/&+" or (length == 1 and (written in ".';:=\\" or written.encode()[-1:] == b"\x99")):
                return False
        if after < len(self.text):
            written = self.raw(after)
            if length == 1 and (written in "*%" or written.encode()[:1] == b"\xe2"):
                return False
            if written in "&+-/" or (length == 1 and written in ".'=\\"):
                if self.at(after).is_entity:
                    return False  # what follows the ampersand is the name of the entity
                return self.next_kind(after + 1).kind not in WORD_KINDS
        return True

    def take_back(self, place: int) -> None:
        while self.tokens and self.tokens[-1].start >= self.at(place).start:
            self.tokens.pop()
            if self.tokens:
                self.tokens[-1].letters = 2  # the kernel does not remember

    def local_part(self, place: int) -> int:
        while place > self.settled:
            before = self.at(place - 1)
            if before.is_entity or (before.kind not in (*WORD_KINDS, kinds.COMBINING) and before.letter not in "._+-%"):
                break
            place -= 1
        return place

    def label(self, place: int) -> tuple[str, int]:
        name = ""
        while place < len(self.text) and len(name) <= 63 and not self.at(place).is_entity:
            here = self.at(place)
            if here.kind in WORD_KINDS or here.letter in "-_":
                name += here.plain if here.kind in WORD_KINDS else here.letter
            elif here.kind not in (kinds.COMBINING, kinds.IGNORED):
                break
            place += 1
        return name, place

    def link(self, letters: list[str], place: int) -> int:
        """The place after a link whose first word ends at a place; 0 where there is none."""
        stored = re.sub(r"([a-z])\1{3,}", r"\1\1\1", "".join(map(plain_letter, letters)))
        ahead = "".join(self.raw(place + step) for step in range(3))
        if ahead == "://" and 3 <= len(stored) <= 5 and (stored.startswith("htt") or stored.startswith("ft")):
            return self.tail(place + 3)
        if self.raw(place) != ".":
            return 0
        if stored == "www" and self.label(place + 1)[0]:
            return self.tail(place + 1)
        best, rank, here = place, 0, place
        for _ in range(8):
            if self.raw(here) != ".":
                break
            name, here = self.label(here + 1)
            if not name:
                break
            if name in BARE or name in WITH_PATH:
                best, rank = here, 2 if name in BARE else 1
        if not rank:
            return 0
        sign, following = self.raw(best), self.raw(best + 1) if best + 1 < len(self.text) else ""
        is_open = bool(following) and (following > " ")
        if (sign in "/?" and is_open) or (sign == ":" and re.fullmatch("[0-9]", following)):
            return self.tail(best)
        return best if rank == 2 else 0

    def tail(self, place: int) -> int:
        last = place
        while place < len(self.text):
            here = self.at(place)
            if here.is_entity and here.letter in '"<>\u00a0':
                break
            if not here.is_entity and here.letter < "\x80" and (here.letter <= " " or here.letter in '"<>\\^`{|}'):
                break
            if (
                not here.is_entity
                and here.letter >= "\x80"
                and here.kind not in (*WORD_KINDS, kinds.COMBINING, kinds.IGNORED)
            ):
                break
            place += 1
            if here.is_entity or here.letter not in "!'(),.:;?[]":
                last = place
        return last

    def email(self, place: int) -> int:
        name, place = self.label(place)
        found = 0
        for _ in range(8):
            if not name or self.raw(place) != "." or place >= len(self.text):
                break
            name, place = self.label(place + 1)
            if len(name) >= 2:
                found = place
        return found

    def mention(self, place: int) -> int:
        last, joint = place, False
        while place < len(self.text):
            here = self.at(place)
            if here.is_entity:
                break
            place += 1
            if here.kind in WORD_KINDS or here.letter == "_":
                last, joint = place, False
            elif here.kind == kinds.COMBINING:
                last = last if joint else place
            elif here.kind != kinds.IGNORED:
                if joint or here.letter not in ".-":
                    break
                joint = True
        return last

    def sentence_end(self, letter: str, place: int) -> None:
        if not self.tokens:
            return
        last = self.tokens[-1]
        is_short = last.letters == 1 or last.is_candidate
        if letter == "." and (is_short or self.next_kind(place).kind in WORD_KINDS):
            return
        last.flags |= ENDS_SENTENCE

    def unspaced(self, place: int) -> int:
        run: list[Character] = []
        while self.at(place).kind in (kinds.UNSPACED, kinds.COMBINING, kinds.IGNORED) and place < len(self.text):
            if self.at(place).kind == kinds.UNSPACED:
                run.append(self.at(place))
            place += 1
        size = min(3, len(run))
        for first in range(len(run) - size + 1):
            part = run[first : first + size]
            word = "".join(here.letter for here in part)
            self.tokens.append(Token(word, word, part[0].start, part[-1].end, 0))
        return place

    def emoji(self, place: int) -> int:
        first = self.at(place)
        word, after = first.letter, place + 1
        is_region = "\U0001f1e6" <= word <= "\U0001f1ff"
        if is_region and not first.is_entity:
            following = self.at(after)
            if "\U0001f1e6" <= following.letter <= "\U0001f1ff" and not following.is_entity:
                word += following.letter
                after += 1
        elif not first.is_entity:
            joined = False
            while after < len(self.text) and not self.at(after).is_entity:
                here = self.at(after)
                if here.kind in (kinds.IGNORED, kinds.COMBINING):
                    joined = here.letter == "\u200d"
                elif here.kind == kinds.EMOJI and joined:
                    joined = False
                else:
                    break
                after += 1
        self.tokens.append(Token(word, word, first.start, self.text[after - 1].end, EMOJI))
        return after

    def name(self, place: int) -> tuple[str, int]:
        name = ""
        while place < len(self.text) and len(name) < 16 and not self.at(place).is_entity:
            here = self.at(place)
            if here.kind in WORD_KINDS:
                name += here.plain
            elif here.kind not in (kinds.COMBINING, kinds.IGNORED):
                break
            place += 1
        return name, place

    def written(self, place: int) -> str:
        return "".join(self.raw(place + step) for step in range(len(self.text) - place))

    def markup(self, place: int) -> int:
        inside = place + 1
        written = self.written(inside)
        if written.startswith("!--"):
            closing = written.find("-->", 3)
            if closing < 0 or "comment" in self.unclosed:
                self.unclosed.add("comment")
                return inside
            return inside + closing + 3
        is_closing = written.startswith("/")
        begin = inside + (written[:1] in ("/", "!", "?"))
        if begin >= len(self.text) or self.raw(begin) < "A":
            return inside
        name, search = self.name(begin)
        if not name or name[0].isdigit():
            return inside
        while search < len(self.text) and self.raw(search) not in "<>":
            search += 1
        if search >= len(self.text) or self.raw(search) == "<":
            return inside
        is_script = len(name) == 6 and name[:2] == "sc" and name[5] == "t"
        is_style = len(name) == 5 and name[:2] == "st" and name[4] == "e"
        if (is_script or is_style) and not is_closing and "script" not in self.unclosed:
            for inner in range(search + 1, len(self.text) - 1):
                if self.raw(inner) == "<" and self.raw(inner + 1) == "/" and self.name(inner + 2)[0] == name:
                    end = self.name(inner + 2)[1]
                    while end < len(self.text) and self.raw(end) != ">":
                        end += 1
                    return min(end + 1, len(self.text))
            self.unclosed.add("script")
        if name in BLOCKS and self.tokens:
            self.tokens[-1].flags |= ENDS_SENTENCE
        return search + 1

    def tag(self, place: int) -> int:
        tags = {strip_diacritics(tag[1:-1]) for tag in TAGS}
        name, inside = "", place + 1
        while inside < len(self.text) and len(name) < 16 and not self.at(inside).is_entity:
            here = self.at(inside)
            inside += 1
            if here.letter == "]":
                return inside if name in tags else place + 1
            if here.kind == kinds.LETTER or here.letter == " ":
                name += here.plain if here.kind == kinds.LETTER else " "
            elif here.kind != kinds.COMBINING:
                break
        return place + 1

    def written_out(self) -> list[Token]:
        words = [token for token in self.tokens if not token.flags & (NUMBER | EMOJI)]
        signs, strong = 0, 0
        for token in words:
            if token.plain in self.lexicon.signs or (token.plain in self.lexicon.meanings and len(token.plain) > 2):
                signs, strong = signs + 1, strong + 1
            elif token.plain in self.lexicon.meanings and len(token.plain) == 2:
                signs += 1
        is_vietnamese = signs * 5 >= len(words) if strong else signs >= 2 and signs == len(words)
        is_shouted = re.search("[a-z]", self.source) is None
        result: list[Token] = []
        for place, token in enumerate(self.tokens):
            begins = place == 0 or bool(self.tokens[place - 1].flags & ENDS_SENTENCE)
            is_letter = len(token.plain) == 1 and bool(token.flags & CAPITAL) and not begins and not is_shouted
            if not token.is_candidate or not is_vietnamese or is_letter:
                result.append(token)
                continue
            parts = self.lexicon.meanings[token.plain].split()
            for number, word in enumerate(parts):
                flags = token.flags
                flags &= ~CAPITAL if number else ~0
                flags &= ~ENDS_SENTENCE if number < len(parts) - 1 else ~0
                result.append(Token(strip_diacritics(word), word, token.start, token.end, flags))
        return result


def naive_tokens(text: str, lexicon: Lexicon) -> list[Token]:
    return Reader(characters(text), lexicon, source=text).read()
