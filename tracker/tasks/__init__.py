"""The task ledger (任务台账): what the tasks of work plans look like today, for those who lead."""
