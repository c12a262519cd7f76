"""The addresses of the law and of the agencies' own regulations."""

from django.urls import URLPattern, path

from workflows.views import law, local_rules

urlpatterns: list[URLPattern] = [
    path("phap-luat/", law.LawOfDay.as_view(), name="law"),
    path("phap-luat/so-sanh/", law.Compare.as_view(), name="law_compare"),
    path("phap-luat/nguyen-van/", law.Texts.as_view(), name="law_texts"),
    path("phap-luat/dieu-khoan/<int:pk>/", law.ProvisionPage.as_view(), name="provision"),
    path("phap-luat/dieu-khoan/<int:pk>/nguyen-van/", law.EnterText.as_view(), name="law_text_enter"),
    path("phap-luat/dieu-khoan/<int:pk>/kiem-tra/", law.CheckText.as_view(), name="law_text_check"),
    path("quy-che/", local_rules.Regulations.as_view(), name="local_rules"),
    path("quy-che/them/", local_rules.NewRegulation.as_view(), name="local_regulation_new"),
    path("quy-che/<int:pk>/quy-tac/", local_rules.NewRule.as_view(), name="local_rule_new"),
    path("quy-che/quy-tac/<int:pk>/ket-thuc/", local_rules.EndRule.as_view(), name="local_rule_end"),
    path("yeu-cau/<int:pk>/luat-ap-dung/", law.ChooseLaw.as_view(), name="choose_law"),
]
