"""What the directives of the sample province say and how far each unit has come. All of it is made up.

Only plain values: `actions/sample_directives.py` makes directives of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

RETURN_REASON = "Loa của xã hỏng, đang chờ linh kiện; đề nghị gia hạn đến thứ Sáu hoặc cho mượn loa di động."


@dataclass(frozen=True, slots=True)
class SampleDirective:
    """One directive: what it says, to which points, when, and a cycle of states that its units are in."""

    code: str
    title: str
    text: str
    why: str
    sent_before: timedelta
    due_after: timedelta
    states: tuple[str, ...]
    first: int = 0
    every: int = 1
    count: int = 150
    is_urgent: bool = False

    def state_of(self, number: int) -> str:
        """The state of the unit with that number, in the order of codes."""
        return self.states[number % len(self.states)]


DIRECTIVES = (
    SampleDirective(
        code="water",
        title="Khai báo, thu hồi nước đóng bình không rõ nguồn gốc",
        text=(
            "Rà soát các đại lý nước đóng bình trên địa bàn, niêm phong bình không có nhãn và tem truy xuất.\n"
            "Báo cáo số đại lý đã rà soát, số bình đã niêm phong, kèm ảnh."
        ),
        why="Ba ca đau bụng sau khi uống nước cùng một nhãn; người dân hỏi nhiều trên trang của tỉnh.",
        sent_before=timedelta(days=12),
        due_after=-timedelta(days=9),
        states=("verified", "verified", "closed", "verified"),
        first=5,
        every=9,
        count=8,
    ),
    SampleDirective(
        code="survey",
        title="Lập danh sách hộ cần hỗ trợ khi có bão",
        text="Lập danh sách hộ già yếu, neo đơn, nhà tạm; ghi người chịu trách nhiệm sơ tán cho từng hộ.",
        why="Chuẩn bị cho mùa bão; lần trước có thôn không biết hộ nào cần giúp.",
        sent_before=timedelta(days=6),
        due_after=-timedelta(days=1),
        states=("in_progress", "submitted", "accepted", "in_progress", "verified", "acknowledged"),
        first=0,
        every=8,
        count=18,
    ),
    SampleDirective(
        code="speakers",
        title="Kiểm tra hệ thống loa truyền thanh thôn, ấp",
        text="Thử loa toàn xã một lần, ghi số cụm loa hỏng và thời gian sửa xong.",
        why="Cảnh báo phải tới được người không dùng điện thoại thông minh.",
        sent_before=timedelta(days=2),
        due_after=timedelta(days=3),
        states=("returned", "accepted", "in_progress", "acknowledged", "submitted", "accepted"),
        first=7,
        every=12,
        count=12,
    ),
    SampleDirective(
        code="leaflets",
        title="Phát tờ gấp phòng sốt xuất huyết (bản in cũ)",
        text="Phát tờ gấp tại chợ và trạm y tế.",
        why="Số ca tăng trong hai tuần.",
        sent_before=timedelta(days=4),
        due_after=timedelta(days=6),
        states=("withdrawn",),
        first=11,
        every=20,
        count=5,
    ),
    SampleDirective(
        code="dam",
        title="Thông báo lịch xả nước hồ Suối Mây đến từng hộ ven suối",
        text=(
            "Hồ Suối Mây xả điều tiết từ 17 giờ hôm nay đến 6 giờ sáng mai.\n"
            "Thông báo đến từng hộ ven suối, dừng đò, cắm biển ở ngầm tràn; báo cáo số hộ đã được thông báo."
        ),
        why="Nước về nhanh hơn dự báo; trên mạng đang có tin sai là hồ sắp vỡ.",
        sent_before=timedelta(hours=1),
        due_after=timedelta(hours=5),
        # half have taken note
        states=("delivered", "acknowledged", "accepted", "opened", "acknowledged", "delivered", "acknowledged", "sent"),
        is_urgent=True,
    ),
)
