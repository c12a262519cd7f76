from documents.kinds import RefusalLetter
from tests.documents.letters import printed, refusal, refused
from workflows.demonstration.expectations import text_of, without_spaces


def test_a_reason_that_goes_on_over_the_page_is_read_back_whole() -> None:
    reason = " ".join(f"Lý do thứ {number} của việc từ chối là chưa có kết luận." for number in range(150))
    letter = printed(RefusalLetter, refusal(refused(reason=reason)))

    read = without_spaces(text_of(letter.pdf))

    assert letter.pages > 1
    assert without_spaces(reason) in read
