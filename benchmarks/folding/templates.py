"""Made-up texts of one pattern with other figures or places: how many of them fold, by length. No target, a report."""

from __future__ import annotations

import numpy as np

from benchmarks.folding.systems import SYSTEMS, cleaned
from nhipcau.engine.cleaning.lexicon import Lexicon

PATTERNS = {
    "gold price": "Giá vàng hôm nay {day}/9: vàng miếng {price} triệu đồng một lượng",
    "road closed": "Cấm xe qua đường {street} từ ngày {day}/9 để sửa cống, người dân đi lối khác",
    "weather": "Dự báo thời tiết ngày {day}/9: {town} có mưa rào và dông, nhiệt độ cao nhất {degrees} độ, gió nhẹ, "
    "trong mưa dông có khả năng xảy ra lốc, sét, mưa đá và gió giật mạnh",
    "power cut": "Điện lực thông báo lịch ngừng cung cấp điện ngày {day}/9 tại {town} từ {hour} giờ đến {degrees} giờ "
    "để bảo dưỡng lưới điện; khách hàng cần hỗ trợ xin gọi tổng đài, ngành điện xin lỗi vì sự bất tiện này và mong "
    "bà con thông cảm, chủ động sắp xếp sinh hoạt và sản xuất trong thời gian nói trên",
}
TOWNS = ("Bến Lội", "Hòa Thanh", "Phú Mỹ", "Tân Sơn", "Vĩnh Lộc", "An Bình", "Long Hải", "Đông Xuyên")
STREETS = ("Lê Lợi", "Trần Phú", "Nguyễn Du", "Hùng Vương", "Quang Trung", "Bà Triệu")


def report(lexicon: Lexicon, count: int = 200) -> None:
    """Print the share of texts of each pattern that fold into one with other figures or places."""
    rng = np.random.default_rng(5)
    print("\nOne pattern, other figures and places: folded though not the same, %\n")
    print(f"| pattern | words | different texts | {' | '.join(SYSTEMS)} |\n|---|---:|---:|{'---:|' * len(SYSTEMS)}")
    for name, pattern in PATTERNS.items():
        made = [
            pattern.format(
                day=rng.integers(1, 31),
                price=f"{rng.integers(60, 99)},{rng.integers(1, 10)}",
                degrees=rng.integers(24, 39),
                hour=rng.integers(5, 12),
                town=TOWNS[rng.integers(len(TOWNS))],
                street=STREETS[rng.integers(len(STREETS))],
            )
            for _ in range(count)
        ]
        texts = list(dict.fromkeys(made))
        posts = cleaned(texts, lexicon)
        words = posts.sets()
        shares = []
        for fold in SYSTEMS.values():
            heads, _ = fold(posts)
            folded = sum(head != post and words[post] != words[head] for post, head in enumerate(heads))
            shares.append(f"{100 * folded / len(texts):.1f}")
        print(f"| {name} | {len(pattern.split())} | {len(texts)} | {' | '.join(shares)} |", flush=True)
