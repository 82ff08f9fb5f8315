"""Who meets whom, where and when: people, places, free time, appointments, the queue and reminders."""
