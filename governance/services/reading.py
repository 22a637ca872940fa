"""What a person has taken notice of."""

from django.utils import timezone

from governance.models import Notification
from people.models import User


def mark_all_read(*, user: User) -> int:
    """Mark the person's unread messages as read; returns how many there were."""
    return Notification.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
