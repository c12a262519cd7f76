import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0006_crisis_paragraphs_and_office_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name="DispatchReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message_id", models.CharField(max_length=255, verbose_name="Message-ID")),
                ("sha256", models.CharField(max_length=64)),
                ("sender", models.CharField(blank=True, max_length=255, verbose_name="sender")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("is_automatic", models.BooleanField(default=False, verbose_name="sent by a machine")),
                (
                    "file_names",
                    models.JSONField(blank=True, default=list, verbose_name="names of the attached files"),
                ),
                (
                    "dispatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="workflows.dispatch",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sha256"], name="workflows_d_sha256_e79ca4_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("dispatch", "message_id"), name="dispatch_reply_unique")
                ],
                "verbose_name": "answer to a report by mail",
                "verbose_name_plural": "answers to reports by mail",
                "ordering": ["received_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="means",
            field=models.CharField(
                blank=True,
                choices=[("paper", "On paper"), ("phone", "By phone")],
                max_length=8,
                verbose_name="said outside the system",
            ),
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="name",
            field=models.CharField(blank=True, max_length=120, verbose_name="full name"),
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="paper",
            field=models.CharField(blank=True, max_length=300, verbose_name="number and symbol of the paper"),
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="phone number"),
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="post",
            field=models.CharField(blank=True, max_length=160, verbose_name="post"),
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="recorded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="recorded at"),
        ),
        migrations.AddField(
            model_name="jointvoice",
            name="stands_for",
            field=models.JSONField(
                blank=True, default=list, verbose_name="in the place of dissolved agencies"
            ),
        ),
        migrations.AddConstraint(
            model_name="jointvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("means", ""),
                        ("name", ""),
                        ("paper", ""),
                        ("phone", ""),
                        ("post", ""),
                        ("recorded_at__isnull", True),
                    ),
                    models.Q(
                        models.Q(("name", ""), _negated=True),
                        models.Q(("post", ""), _negated=True),
                        ("recorded_at__isnull", False),
                        models.Q(
                            models.Q(
                                ("means", "paper"), ("phone", ""), models.Q(("paper", ""), _negated=True)
                            ),
                            models.Q(
                                ("means", "phone"), ("paper", ""), models.Q(("phone", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="joint_voice_says_who_and_how",
            ),
        ),
    ]
