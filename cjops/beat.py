"""What the beat starts, and how often in seconds."""

SCHEDULE = {
    name: {"task": task, "schedule": every, "options": {"expire_seconds": expire}}
    # A worker that was away for hours need not catch up: the next round does it all.
    for name, task, every, expire in (
        ("heartbeat", "cjops.core.tasks.heartbeat", 15.0, 60),
        ("seal-the-log", "cjops.core.tasks.seal_log", 5.0, 30),
        ("end-grants", "people.schedules.end_grants", 60.0, 300),
        ("keep-tree-heads", "cjops.core.tasks.anchor_log", 86400.0, 172800),
        ("publish-due-changes", "governance.schedules.publish_due", 15.0, 300),
        ("mark-what-live-moved-under", "governance.schedules.mark_all_moved", 60.0, 300),
        ("remind-and-escalate", "governance.schedules.remind_and_escalate", 60.0, 300),
        ("mind-all-decisions", "governance.schedules.retake_all", 900.0, 1800),
        ("mind-leavers", "governance.schedules.mind_leavers", 300.0, 600),
        ("mind-queues", "governance.schedules.mind_queues", 60.0, 300),
        ("deliver-waiting-mail", "governance.schedules.deliver_waiting", 30.0, 300),
        ("send-digests", "governance.schedules.send_digests", 600.0, 1200),
        ("mind-campaigns", "governance.schedules.mind_campaigns", 60.0, 300),
        ("mind-replays", "governance.schedules.mind_replays", 60.0, 300),
        ("mind-drawings", "content.schedules.mind_drawings", 60.0, 300),
        ("send-waiting-tests", "content.schedules.send_waiting", 60.0, 300),
        ("tell-of-origins", "governance.schedules.tell_of_origins", 3600.0, 7200),
        ("tell-what-ends", "governance.schedules.tell_what_ends", 3600.0, 7200),
        ("forget-what-is-old", "governance.schedules.forget_old", 86400.0, 172800),
        ("forget-old-requests", "governance.schedules.forget_requests", 3600.0, 7200),
        ("forget-old-sessions", "people.schedules.forget_sessions", 86400.0, 172800),
    )
}
