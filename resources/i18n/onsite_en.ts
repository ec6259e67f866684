<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>ActionPanel</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n days</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BackupsPage</name>
    <message numerus="yes">
        <source>%Ln kept, the oldest make room by themselves</source>
        <translation>
            <numerusform>%Ln kept, the oldest make room by themselves</numerusform>
            <numerusform>%Ln kept, the oldest make room by themselves</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConflictsPage</name>
    <message numerus="yes">
        <source>%Ln conflict(s) settled</source>
        <translation>
            <numerusform>%Ln conflict settled</numerusform>
            <numerusform>%Ln conflicts settled</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindingPanel</name>
    <message numerus="yes">
        <source>Evidence, %n item(s)</source>
        <translation>
            <numerusform>Evidence, %n item</numerusform>
            <numerusform>Evidence, %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindingsPage</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportPanel</name>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QuestionList</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Recorder</name>
    <message numerus="yes">
        <source>Saving %n step(s) that could not be saved before.</source>
        <translation>
            <numerusform>Saving %n step that could not be saved before.</numerusform>
            <numerusform>Saving %n steps that could not be saved before.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportPanel</name>
    <message numerus="yes">
        <source>%Ln question(s) not answered</source>
        <translation>
            <numerusform>%Ln question not answered</numerusform>
            <numerusform>%Ln questions not answered</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportsPage</name>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunnerPage</name>
    <message numerus="yes">
        <source>%n critical question(s) left for you to answer.</source>
        <translation>
            <numerusform>%n critical question left for you to answer.</numerusform>
            <numerusform>%n critical questions left for you to answer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SectionRow</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message numerus="yes">
        <source>Evidence, %n item(s)</source>
        <translation>
            <numerusform>Evidence, %n item</numerusform>
            <numerusform>Evidence, %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SignOffPage</name>
    <message numerus="yes">
        <source>What is left: %n thing(s)</source>
        <translation>
            <numerusform>What is left: %n thing</numerusform>
            <numerusform>What is left: %n things</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StorageCard</name>
    <message numerus="yes">
        <source>%Ln backup(s) kept</source>
        <translation>
            <numerusform>%Ln backup kept</numerusform>
            <numerusform>%Ln backups kept</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message numerus="yes">
        <source>%Ln change(s)</source>
        <translation>
            <numerusform>%Ln change</numerusform>
            <numerusform>%Ln changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Decide %Ln conflict(s)</source>
        <translation>
            <numerusform>Decide %Ln conflict</numerusform>
            <numerusform>Decide %Ln conflicts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) here are no longer at the centre; it was put back to an older state.</source>
        <translation>
            <numerusform>%Ln row here are no longer at the centre; it was put back to an older state.</numerusform>
            <numerusform>%Ln rows here are no longer at the centre; it was put back to an older state.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TemplatePanel</name>
    <message numerus="yes">
        <source>Version {0}, %Ln question(s). Fingerprint {1}</source>
        <translation>
            <numerusform>Version {0}, %Ln question. Fingerprint {1}</numerusform>
            <numerusform>Version {0}, %Ln questions. Fingerprint {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TemplatesPage</name>
    <message numerus="yes">
        <source>%Ln audit(s)</source>
        <translation>
            <numerusform>%Ln audit</numerusform>
            <numerusform>%Ln audits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message numerus="yes">
        <source>All %Ln overdue action(s)</source>
        <translation>
            <numerusform>All %Ln overdue action</numerusform>
            <numerusform>All %Ln overdue actions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln change(s) not sent yet</source>
        <translation>
            <numerusform>%Ln change not sent yet</numerusform>
            <numerusform>%Ln changes not sent yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TopLine</name>
    <message numerus="yes">
        <source>%n question(s)</source>
        <translation>
            <numerusform>%n question</numerusform>
            <numerusform>%n questions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VendorPanel</name>
    <message numerus="yes">
        <source>%Ln open finding(s)</source>
        <translation>
            <numerusform>%Ln open finding</numerusform>
            <numerusform>%Ln open findings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln overdue</source>
        <translation>
            <numerusform>%Ln overdue</numerusform>
            <numerusform>%Ln overdue</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VisitPanel</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln open action(s) of this site</source>
        <translation>
            <numerusform>%Ln open action of this site</numerusform>
            <numerusform>%Ln open actions of this site</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WhatIsLeft</name>
    <message numerus="yes">
        <source>%n thing(s) must be done before signing.</source>
        <translation>
            <numerusform>%n thing must be done before signing.</numerusform>
            <numerusform>%n things must be done before signing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rows</name>
    <message numerus="yes">
        <source>%n site(s)</source>
        <translation>
            <numerusform>%n site</numerusform>
            <numerusform>%n sites</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n overdue</source>
        <translation>
            <numerusform>%n overdue</numerusform>
            <numerusform>%n overdue</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open finding(s)</source>
        <translation>
            <numerusform>%n open finding</numerusform>
            <numerusform>%n open findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sync</name>
    <message numerus="yes">
        <source>%Ln change(s)</source>
        <translation>
            <numerusform>%Ln change</numerusform>
            <numerusform>%Ln changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>words</name>
    <message numerus="yes">
        <source>in %Ln day(s)</source>
        <translation>
            <numerusform>in %Ln day</numerusform>
            <numerusform>in %Ln days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) ago</source>
        <translation>
            <numerusform>%Ln day ago</numerusform>
            <numerusform>%Ln days ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln day(s) late</source>
        <translation>
            <numerusform>%Ln day late</numerusform>
            <numerusform>%Ln days late</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s) ago</source>
        <translation>
            <numerusform>%Ln minute ago</numerusform>
            <numerusform>%Ln minutes ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) ago</source>
        <translation>
            <numerusform>%Ln hour ago</numerusform>
            <numerusform>%Ln hours ago</numerusform>
        </translation>
    </message>
</context>
</TS>