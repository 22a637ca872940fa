import time, statistics
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.api.conftest import *
def load(bank):
    j=bank.cast.journey
    with connection.cursor() as c:
        c.execute("set statement_timeout='60s'")
        c.execute("""insert into people_user (email,name,locale,time_zone,uses_keys,is_staff,is_active,is_superuser,date_joined,password)
          select 'u'||i||'@x.example','U '||i,'en','UTC',true,false,true,false,now(),'' from generate_series(1,1000) i""")
        c.execute("select array_agg(id) from people_user"); users=c.fetchone()[0]
        c.execute("""insert into journeys_journey (key,name,is_restricted,created_at,updated_at,purpose,market,product_line,importance,personas,channels,step_count)
          select 'j'||i,'Journey '||(i*7919%10000), i%3=0, now(), now(),'Purpose '||i,'market'||i%20,'line'||i%40,'normal','{}','{email}',20 from generate_series(1,10000) i""")
        c.execute("""insert into journeys_journeyuserobjectpermission (permission_id,user_id,content_object_id)
          select p.id, (%s::bigint[])[1+(j.id*31+k*17)%%1000], j.id from journeys_journey j, auth_permission p, generate_series(1,2) k where p.codename in ('view_journey','propose_journey','publish_journey')
          on conflict do nothing""",[users])
        c.execute("""insert into journeys_journeygroupobjectpermission (permission_id,group_id,content_object_id)
          select p.id, g.id, j.id from journeys_journey j, auth_permission p, auth_group g where p.codename in ('view_journey','propose_journey') and (j.id+g.id)%5=0 on conflict do nothing""")
        c.execute("""insert into governance_change (kind,journey_id,title,rationale,hypothesis,state,author_id,base_number,base_digest,revision,digest,channels,hunk_count,created_at,updated_at,due_at,submitted_at)
          select 'journey', (select min(id) from journeys_journey)+ i%%10000, 'Change '||i,'','',(array['published','published','published','in_review','draft','approved','rejected','published'])[case when i%%50=0 then 4 when i%%40=0 then 6 when i%%60=0 then 5 else 1 end],
            (%s::bigint[])[1+i%%1000],1,repeat('0',64),1,repeat('1',64),'{email}',3,now()-i*interval '1 min',now()-i*interval '1 min',now(),now() from generate_series(1,50000) i""",[users])
        c.execute("""insert into governance_requirement (change_id,revision,key,reason,params,hunks,quorum,met_at)
          select number,1,k,'steward','{"channel":"email"}','{}',1, case when state='in_review' then null else now() end from governance_change, unnest(array['steward:email','owner']) k where state<>'draft' on conflict do nothing""")
        c.execute("""insert into governance_requirementsource (requirement_id,channel_id) select r.id,(select id from people_channel where key = (array['email','sms','web','push'])[1+r.id%4]) from governance_requirement r where key='steward:email' and r.id not in (select requirement_id from governance_requirementsource)""")
        c.execute("""insert into governance_requirementsource (requirement_id,role_id) select r.id,(select id from people_role where key='journey-manager') from governance_requirement r where key='owner' and r.id not in (select requirement_id from governance_requirementsource)""")
        c.execute("""insert into journeys_journeygrant (journey_id,role_id,user_id,granted_at) select j.id,(select id from people_role where key='journey-manager'),(%s::bigint[])[1+(j.id*31)%%1000],now() from journeys_journey j on conflict do nothing""",[users])
        c.execute("""insert into governance_ledgerentry (kind,journey_id,at,actor_id,action,change_id,revision,from_state,to_state,digest,reason,data,request_id)
          select 'journey',journey_id,now(),author_id,'submit',number,1,'draft','in_review',digest,'','{}','' from governance_change, generate_series(1,4)""")
        c.execute("""insert into governance_changerevision (change_id,number,document,digest,author_id,created_at) select number,1,'{}',digest,author_id,now() from governance_change on conflict do nothing""")
        for t in ("people_user","journeys_journey","journeys_journeyuserobjectpermission","journeys_journeygroupobjectpermission","governance_change","governance_requirement","governance_requirementsource","journeys_journeygrant","governance_ledgerentry","governance_changerevision"):
            c.execute(f"analyze {t}")
def test_large(bank):
    t=time.perf_counter(); load(bank); print("loaded", time.perf_counter()-t)
    import people.services
    from people.models import User, Team
    power=User.objects.get(email="u5@x.example")
    for team in Team.objects.all():
        people.services.set_membership(team=team,user=power,role="lead",actor=None)
    clients={"tom":bank.tom,"ida":bank.ida,"zoe":bank.zoe,"power":ApiClient(people.services.issue_token(user=power))}
    for name,cl in clients.items():
        cl.read("/users/me/")
        for p in ("/users/me/","/journeys/","/journeys/?q=1234","/changes/","/changes/?state=in_review","/changes/?author=me","/changes/?subject=j77","/ledger/","/ledger/?subject=j77","/inbox/","/teams/","/assets/"):
            ts=[]
            for _ in range(7):
                t=time.perf_counter(); a=cl.read(p); ts.append((time.perf_counter()-t)*1000)
            with CaptureQueriesContext(connection) as q: cl.read(p)
            print(f"{name:6} {p:28} {len(q)}q {len(a.json().get('results',[]))} rows median {statistics.median(ts):6.1f} min {min(ts):6.1f} sql {sum(float(x['time']) for x in q)*1000:.0f}")
            if float(max(q.captured_queries,key=lambda x: float(x['time']))['time'])>0.03:
                sql=max(q.captured_queries,key=lambda x: float(x['time']))['sql']
                open(f"/tmp/apidev/slow_{name}_{p.strip('/').replace('/','_').replace('?','_')}.sql","w").write(sql)
                with connection.cursor() as c:
                    c.execute("explain (analyze, buffers) "+sql)
                    open(f"/tmp/apidev/slow_{name}_{p.strip('/').replace('/','_').replace('?','_')}.txt","w").write("\n".join(r[0] for r in c.fetchall()))
