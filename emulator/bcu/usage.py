"""What `bcu /?` prints, in words of our own."""

USAGE = """\
usage: f10 [--home FOLDER] bcu /OPTION ...          or: bcu [--home FOLDER] /OPTION ...

  /Get:"FILE", /GetConfig:          write all settings as a REPSET; without a name to the console
  /Set:"FILE", /SetConfig:          apply a REPSET
  /getvalue:"NAME"                  tell one setting, and leave it as a text file in the working folder
  /setvalue:"NAME","VALUE"          change one setting
  /SetDefaults                      factory defaults; what else reads or writes settings is ignored
  /cspwdfile:"FILE"                 current Setup password, in a file made by hpqpswd
                                    (also /cpwdfile: and /CurSetupPasswordFile:)
  /nspwdfile:"FILE"                 new Setup password, set before anything else; "" takes it away
                                    (also /npwdfile: and /NewSetupPasswordFile:)
  /verbose                          tell of every setting of a file
  /WarningAsErr                     as /verbose, and unknown or read-only settings make the run end with 13
  /Unicode                          whether the firmware takes Unicode passwords (0 yes, 32 no)
  /log, /l                          keep the report in the folder Logs; /logpath:"FOLDER" in that one
  /pkey:"FILE" /ar:N /ot:0|1        sign every change with the signing key in a PFX: anti-replay counter, one-time or not
  /pkeypwd:PASSWORD                 password of the PFX; every process can read it here
  /uid:UUID                         sign for one machine only, 32 hexadecimal digits
  /addauthstr                       with /Set: write BCU-AuthString.txt with signatures, and apply nothing
  /?, /Help                         this text, and exit code 17

The options of signing may stand in beamsetting.txt in the working folder: a first line that is a title, then lines with
AntiReplayValue=, OneTime=, TargetID=, PrivateKey=.

Of our own, beside the vendor's:
  --json                            the report as JSON
  --password-fd N                   current Setup password from a descriptor; --new-password-fd N the new one
  --pkeypwd-fd N                    password of the PFX from a descriptor

The exit code is BCU's. A code above 255 stands in the report, and the process ends with 1.
"""
