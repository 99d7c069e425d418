"""The administrator's console: makes keys, signs what a fleet of PCs shall do, and draws the picture that enrols a phone.

It never meets a PC. What leaves it are files: a payload that somebody carries to the PC's management door, and an enrolment
picture that somebody carries to a phone. The vendor has these verbs as PowerShell commands and as a plug-in of its
fleet management.
"""
